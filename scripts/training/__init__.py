"""Training, calibration and evaluation of the note classifier. Not part of the product that runs."""
