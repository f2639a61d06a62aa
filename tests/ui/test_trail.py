"""Where back leads: the pages gone through, without a window."""

from healthvisit.ui.trail import LONGEST, Trail


def gone(*names):
    trail = Trail()
    for name in names:
        trail.go(name, *(["amy"] if name == "child" else []))
    return trail


def test_back_leads_to_the_page_before_which_is_then_shown_anew():
    """The page shown writes itself down again: it must not stand there twice."""
    trail = gone("today", "family", "child")
    assert trail.back() == ("family", ())
    trail.go("family")
    assert trail.back() == ("today", ())
    assert trail.here == ""


def test_from_the_first_page_back_leads_nowhere():
    """A form opened by its key has nothing behind it."""
    assert gone("paper").back() is None
    assert Trail().back() is None


def test_a_page_shown_again_as_it_stands_is_one_step():
    """A page that is read again after a save is no place one has left."""
    assert gone("family", "child", "child").back() == ("family", ())


def test_no_way_leads_back_into_a_form_that_was_saved():
    """Its answers are signed; it would open empty."""
    trail = gone("child", "check")
    trail.leave_form()
    assert trail.here == "child"
    trail.leave_form()
    assert trail.here == "child"


def test_from_a_form_back_leads_to_the_part_of_the_child_it_was_begun_on():
    """She was looking at the development, not at the growth."""
    trail = gone("family", "child")
    trail.back_to_tab("amy", "development")
    trail.go("check", "amy")
    assert trail.back() == ("child", ("amy", "development"))


def test_a_check_made_for_a_visit_leads_back_into_the_visit():
    """Also when she came to the check from another page."""
    for names in (("visit",), ("visit", "child")):
        trail = gone(*names)
        trail.through_visit()
        trail.go("check", "amy")
        assert trail.back() == ("visit", ())


def test_a_long_day_is_not_all_remembered():
    """Twenty pages back is further than anybody means."""
    trail = gone(*(str(n) for n in range(100)))
    steps = 0
    while trail.back() is not None:
        steps += 1
        trail.go(str(99 - steps))
    assert steps == LONGEST - 1
