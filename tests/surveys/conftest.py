from tests.surveys.inventory_people import areas, hadsels, hadsels_it_leader, ours

__all__ = ["areas", "hadsels", "hadsels_it_leader", "ours"]
