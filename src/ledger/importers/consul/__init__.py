"""Consul's budget investments, and the votes that its public interface tells without their voters, one CSV file of each or several."""
