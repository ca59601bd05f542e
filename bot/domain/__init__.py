"""What Tminus knows: pure values and functions that do no I/O and read no clock."""
