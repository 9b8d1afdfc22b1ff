import pytest

from lake import Lake, Renderer


@pytest.fixture(scope="session")
def renderer():
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.fixture
def lake(renderer):
    return Lake(renderer)
