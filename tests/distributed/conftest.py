"""One cluster for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.distributed.clusters import Cluster


@pytest.fixture(scope="package")
def lasting_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster, some workers of which may be dead."""
    from tests.distributed.clusters import Cluster  # noqa: PLC0415 - takes a second

    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def cluster(lasting_cluster: Cluster) -> Cluster:
    """A cluster of two workers."""
    lasting_cluster.have_workers(2)
    return lasting_cluster
