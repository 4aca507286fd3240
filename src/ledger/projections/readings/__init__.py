"""What is read out of projections: rankings, registers, results, differences. Pure functions of rows; nothing here folds an event."""
