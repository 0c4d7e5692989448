"""Plugin `faces`: reads the official layouts of CelebA, UTKFace and FairFace from a local folder; brings no image."""

from auditkit import Loader, hookimpl
from auditkit_faces import celeba, fairface, utkface


@hookimpl
def auditkit_loaders() -> tuple[Loader, ...]:
    """Provide `celeba:FOLDER`, `utkface:FOLDER`, `fairface:FOLDER`: a row for each image, its file in `image`."""
    return (
        Loader(name="CelebA", scheme="celeba", local=True, read=celeba.read),
        Loader(name="UTKFace", scheme="utkface", local=True, read=utkface.read),
        Loader(name="FairFace", scheme="fairface", local=True, read=fairface.read),
    )
