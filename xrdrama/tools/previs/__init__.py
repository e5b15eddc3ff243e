"""Previsualisation: a show on its simulated stage, with plans, numbers and a live camera."""
