"""The consultation on the bill for a digital republic (France, 2015), as its public interface gave it: one JSON object per opinion."""
