"""A virtual set: geometry, materials, lights, shadows."""
