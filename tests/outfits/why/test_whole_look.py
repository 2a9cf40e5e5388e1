from outfits.why.whole_look import whole_look_factors


def test_what_the_rest_of_the_look_added_is_told_with_its_weight() -> None:
    found = {f.name: f for f in whole_look_factors({"look": 0.8, "clash": -2.0, "repeat": -1.0})}
    assert {name: factor.weight for name, factor in found.items()} == {
        "look": 0.8,
        "clash": -2.0,
        "repeat": -1.0,
    }
    assert found["clash"].label == "It clashes with another piece of the look"
    assert all(factor.scored for factor in found.values())


def test_what_the_context_added_is_told_elsewhere() -> None:
    assert list(whole_look_factors({"weather": 1.5, "look": 0.01})) == []
