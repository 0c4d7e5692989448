"""Commands on what was kept or accepted: reports again, gates again, the runs themselves, waivers."""
