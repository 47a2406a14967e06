"""政策兑现: what policies owe, to whom and why, and what a change would cost."""
