"""A clustering: members of groups listed, each once, and sealed with a digest over all."""

from hypothesis import given as generated
from hypothesis import strategies as st

from ledger.aggregates.clustering import ClusteringState
from ledger.aggregates.digests import clusters_digest
from ledger.errors import AlreadyGrouped, ClusteringEmpty, ClusteringSealed, FieldDiffers, FieldMissing, MembersUnordered, StepUnknown
from ledger.events.clustering import ClustersListed, ClustersSealed
from tests.consultation import debate, debating
from tests.given import Post, digest, given, person, post
from tests.town import closing

SEALED = post(ClustersSealed, step="debate", ref="pca", method="k_means")


def listed(group: int, *names: str, ref: str = "pca") -> Post:
    return post(ClustersListed, step="debate", ref=ref, group=group, members=tuple(sorted(person(name) for name in names)))


def test_sealing_fills_count_groups_and_digest_over_all_members() -> None:
    past = debating(listed(0, "ana", "max"), listed(4, "zoe"), listed(0, "bo"))
    groups = {person("ana"): 0, person("max"): 0, person("bo"): 0, person("zoe"): 4}
    past.when(SEALED).then(groups=2, count=4, digest=clusters_digest(groups))


def test_sealing_with_another_count_or_digest_is_refused() -> None:
    past = debating(listed(0, "ana"))
    past.when(SEALED.but(count=2)).refused(FieldDiffers, field="count", expected=1, found=2)
    past.when(SEALED.but(groups=2)).refused(FieldDiffers, field="groups")
    past.when(SEALED.but(digest=digest("x"))).refused(FieldDiffers, field="digest")


def test_a_member_stands_in_one_group_once() -> None:
    past = debating(listed(0, "ana", "max"))
    past.when(listed(1, "max", "zoe")).refused(AlreadyGrouped, ref="pca", member=person("max"), group=0)
    past.when(listed(0, "max")).refused(AlreadyGrouped)
    past.when(listed(1, "zoe")).then()
    past.when(listed(1, "max", ref="another")).then()


def test_members_ascend_in_each_list_so_that_nothing_is_told_by_their_order() -> None:
    first, second = sorted((person("ana"), person("max")))
    debating().when(listed(0).but(members=(second, first))).refused(MembersUnordered)
    debating().when(listed(0).but(members=(first, first))).refused(MembersUnordered)
    debating().when(listed(0).but(members=None)).refused(FieldMissing, field="members")


def test_what_is_sealed_stands() -> None:
    past = debating(listed(0, "ana"), SEALED)
    past.when(listed(0, "zoe")).refused(ClusteringSealed, step="debate", ref="pca")
    past.when(SEALED).refused(ClusteringSealed)


def test_a_clustering_is_of_a_step_and_of_somebody() -> None:
    debating().when(SEALED).refused(ClusteringEmpty, ref="pca")
    debating().when(listed(0, "ana").but(step="nowhere")).refused(StepUnknown)
    debating(listed(0, "ana")).when(SEALED.but(step="nowhere")).refused(StepUnknown)


def test_an_analysis_can_follow_the_closing() -> None:
    given(*debate(), closing("debate"), listed(0, "ana")).when(SEALED).then(count=1)


@generated(groups=st.dictionaries(st.text("abcXYZ09_-", min_size=22, max_size=22), st.integers(0, 99), max_size=12), data=st.data())
def test_the_digest_tells_every_clustering_apart_and_no_order(groups: dict[str, int], data: st.DataObject) -> None:
    shuffled = dict(data.draw(st.permutations(list(groups.items()))))
    assert clusters_digest(shuffled) == clusters_digest(groups)
    if groups:
        member = data.draw(st.sampled_from(sorted(groups)))
        assert clusters_digest({**groups, member: groups[member] + 1}) != clusters_digest(groups)
        assert clusters_digest({other: group for other, group in groups.items() if other != member}) != clusters_digest(groups)


def test_the_digest_is_the_one_that_the_formats_show() -> None:
    groups = {"q3cVh7v1kP0m2c9sT4w8uA": 1, "BfD6Y6t9gVCkRGoXb1mXTA": 1, "YPyd9rZ1xYzZ_2i5nR0f0Q": 0}
    assert clusters_digest(groups) == "bxyoSW44clHdTNfhYHa-zsjhHHiVwN4JzKuuAnhYU7w"


def test_a_copy_of_a_clustering_changes_alone() -> None:
    state = ClusteringState(2, {"ana": 1}, sealed=True)
    twin = state.copy()
    assert twin == state
    twin.groups["max"] = 1
    assert state.groups == {"ana": 1}
