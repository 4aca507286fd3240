"""Elections in the Pabulib format (pabulib.org/format): `.pb` files become the events of a participatory budget."""
