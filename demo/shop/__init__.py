"""A believable shop: related tables, views, a function, a trigger; its rows are the same in every run."""
