"""What is measured, each a module with a `main()`."""
