"""What a regressor shows of a list, by the functions that the classes of fitted functions are made of."""

from auditkit_mpr.classes.regressors import sample_of, sign_function, witness_of


def shown_by(find, regressor, items, people, retrieved):
    """The witness of the function that `find` makes with a regressor, or with what makes one."""
    function = find(regressor, sample_of(items, people, retrieved))
    return witness_of(function, items, people, retrieved, signs=find is sign_function)
