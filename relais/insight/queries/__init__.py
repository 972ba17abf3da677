"""Read models of the consolidated pages: figures, rows behind them, the first page of each role."""
