"""The open data of Decidim: proposals, budget projects, results, moderations and blocked users, one CSV file of each or several."""
