"""The shapes in which forms and programs send something about meetings."""
