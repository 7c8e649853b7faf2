"""The rules, one small file each; one more is one file."""
