from outfits.prompts import PromptItem, build_query, build_question
from outfits.why.leave_out import MAX_ATTRIBUTES, MAX_QUERIES, LeftOut, leave_out_each

LOOK = [PromptItem("Navy Wool Blazer", "Blazers"), PromptItem("White Shirt", "Shirts")]
QUERY = build_query(LOOK, ["occasion: work", "season: winter"])
QUESTION = build_question(
    PromptItem("Grey Flannel Trousers", "Trousers", ("Light Grey", "Checked", "Wool"))
)


def leave_out(query: str = QUERY, question: str = QUESTION) -> dict[str, LeftOut]:
    return {
        f"{version.kind}: {version.what}": version for version in leave_out_each(query, question)
    }


def test_each_line_of_the_context_is_left_out_once() -> None:
    version = leave_out()["context: occasion work"]
    assert version.query == build_query(LOOK, ["season: winter"])
    assert version.question == QUESTION


def test_each_item_of_the_look_is_left_out_once() -> None:
    version = leave_out()["look: white shirt (shirts)"]
    assert version.query == build_query(LOOK[:1], ["occasion: work", "season: winter"])


def test_a_look_of_the_anchor_alone_is_left_empty() -> None:
    version = leave_out(build_query(LOOK[:1]))["look: navy wool blazer (blazers)"]
    assert version.query == build_query([])


def test_the_colour_goes_wherever_it_is_named() -> None:
    version = leave_out()["colour: grey"]
    assert version.question == "add: flannel trousers (trousers), light, checked, wool\nmatch:"
    assert version.query == QUERY


def test_the_material_goes_wherever_it_is_named() -> None:
    version = leave_out()["material: flannel, wool"]
    assert version.question == "add: grey trousers (trousers), light grey, checked\nmatch:"


def test_the_category_goes_with_its_word_in_the_name() -> None:
    version = leave_out()["category: trousers"]
    assert version.question == "add: grey flannel, light grey, checked, wool\nmatch:"


def test_other_details_go_one_at_a_time() -> None:
    version = leave_out()["detail: checked"]
    assert version.question == "add: grey flannel trousers (trousers), light grey, wool\nmatch:"


def test_what_a_question_does_not_say_cannot_be_left_out() -> None:
    kinds = {version.kind for version in leave_out(build_query([]), "add: thing\nmatch:").values()}
    assert kinds <= {"look"}


def test_an_item_is_never_left_without_a_word() -> None:
    question = build_question(PromptItem("Trousers", "Trousers"))
    assert all(version.question == question for version in leave_out(question=question).values())


def test_a_text_that_no_prompt_was_written_like_is_left_alone() -> None:
    assert leave_out_each("Which shoes?", "These?") == [
        LeftOut("context", "Which shoes?", "Context: {title}", "", "These?")
    ]


def test_there_is_an_end_to_what_is_left_out() -> None:
    lines = [f"trend: number {n}" for n in range(30)]
    many = PromptItem("Thing", "Things", tuple(f"detail {n}" for n in range(30)))
    versions = leave_out_each(build_query(LOOK * 10, lines), build_question(many))
    assert len(versions) <= MAX_ATTRIBUTES + MAX_QUERIES
