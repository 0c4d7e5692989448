"""Machine code over plain arrays, which knows neither lists nor limits; each has a twin in NumPy."""
