"""What a change of the rules would cost: run beside the baseline, saved, compared, exported, drafted."""
