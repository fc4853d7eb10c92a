"""What is judged: each detector turns a heard conversation into findings and checks."""
