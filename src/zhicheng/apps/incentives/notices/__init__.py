"""Public notices of batches and rounds, objections against them and what an upheld one does."""
