"""Finding the part of the exam that a person names, however they write it."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pack import Domain
from bot.library import load_library
from bot.usecases.outcome import NoSuchScope
from bot.usecases.scope import find_scope, nearest, scopes, title_of

PACK = load_library(Path(__file__).parents[2] / "content").default
TOPICS = set(PACK.places)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("", ""),
        ("  ", ""),
        ("all", ""),
        ("Everything", ""),
        ("modeling", "modeling"),
        ("Modeling", "modeling"),
        ("modelling", "modeling"),
        ("3.1", "3.1"),
        ("kinesis-family", "kinesis-family"),
        ("Kinesis family", "kinesis-family"),
        ("kinesis", "kinesis-family"),
        ("kin", "kinesis-family"),
        ("kinesis data streams", "kinesis-family"),
        ("Data Engineering", "data-engineering"),
        ("data eng", "data-engineering"),
        ("EDA", "exploratory-data-analysis"),
        ("exploratory", "exploratory-data-analysis"),
        ("ml operations", "ml-operations"),
        ("machine learning", "ml-operations"),
        ("confusion matrix", "confusion-matrix"),
        ("confusion matirx", "confusion-matrix"),
        ("Reading a confusion matrix", "confusion-matrix"),
        ("regularisation", "regularization"),
        ("XGBoost", "gradient-boosting-xgboost"),
        ("k means", "k-means-clustering"),
        ("overfitting", "bias-variance"),
        ("IAM", "iam-roles-and-permissions"),
        ("cross validation", "cross-validation"),
        ("Feature engineering", "2.2"),
    ],
)
def test_a_part_is_found_by_what_people_call_it(text: str, scope: str) -> None:
    assert find_scope(PACK, text) == scope


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("metrics", "classification-metrics"),
        ("data", "data-engineering"),
        ("glue", "glue-etl-and-catalog"),
        ("kmeans", "k-means-clustering"),
        ("hyperparameter tuning", "hyperparameter-search-methods"),
        ("deployment", "edge-deployment"),
        ("security", "vpc-and-security-groups"),
    ],
)
def test_what_may_mean_several_parts_is_asked_back(text: str, offered: str) -> None:
    found = find_scope(PACK, text)
    assert isinstance(found, NoSuchScope)
    assert offered in [scope for scope, _ in found.near]
    assert len(found.near) <= 4


@pytest.mark.parametrize(
    "text", ["how is the weather", "purple monkey", "99999999999", "🤖", "🤖 🤖", "x" * 5000, "?", "\u202e", "the exam"]
)
def test_nonsense_means_nothing(text: str) -> None:
    assert find_scope(PACK, text) == NoSuchScope(text.strip()[:60], ())


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("k-m", "k-means-clustering"),
        ("ki", "kinesis-family"),
        ("conf", "confusion-matrix"),
        ("confu mat", "confusion-matrix"),
        ("bias", "bias-variance"),
        ("reg", "regularization"),
        ("spot", "spot-training-and-checkpoints"),
        ("cnn", "cnn-and-vision-models"),
        ("encr", "encryption-and-kms"),
        ("drop", "performance-drop-diagnosis"),
        ("a/b", "ab-testing-variants"),
        ("cross-v", "cross-validation"),
        ("desc", "descriptive-statistics"),
    ],
)
def test_the_first_letters_bring_the_topic_that_begins_with_them_first(typed: str, first: str) -> None:
    topics = [scope for scope, _, _ in nearest(PACK, typed, most=200) if scope in TOPICS]
    assert topics[0] == first


@pytest.mark.parametrize("domain", PACK.domains.values(), ids=list(PACK.domains))
def test_a_domain_comes_first_while_its_name_is_typed(domain: Domain) -> None:
    for length in range(5, len(domain.name) + 1):
        found = [scope for scope, _, _ in nearest(PACK, domain.name[:length], most=200) if scope in PACK.domains]
        assert found[0] == domain.id


def test_every_part_is_found_by_its_id_and_its_title() -> None:
    for scope, title in scopes(PACK).items():
        assert find_scope(PACK, scope) == scope
        assert find_scope(PACK, title) == scope
        assert title_of(PACK, scope) == title
    assert title_of(PACK, "nowhere") == "nowhere"


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_look_for(text: str) -> None:
    found = find_scope(PACK, text)
    assert isinstance(found, NoSuchScope) or found == "" or found in scopes(PACK)
    likes = [like for _, _, like in nearest(PACK, text, most=5)]
    assert all(0 <= like <= 100 for like in likes)


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    start = process_time()
    find_scope(PACK, "data stream of words " * 2000)
    assert process_time() - start < 0.2
