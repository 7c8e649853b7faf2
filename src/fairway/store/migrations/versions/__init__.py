"""One file a step: NNNN_what_it_brings.py, revision "NNNN", down_revision the one before. No step is edited once released."""
