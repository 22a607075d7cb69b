from __future__ import annotations

from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the training extra is not installed")
torch = pytest.importorskip("torch", reason="the training extra is not installed: no torch")
pytest.importorskip("sklearn", reason="the training extra is not installed: no scikit-learn")
pytest.importorskip("transformers", reason="the training extra is not installed: no transformers")

import training.ppmi as module  # noqa: E402
from training.ppmi import co_occurrences, factors, main, ppmi, set_embeddings  # noqa: E402

_SIZE = 12


def test_counts_are_those_of_a_plain_loop_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK", 7)
    ids = np.random.default_rng(0).integers(2, _SIZE, 50).astype(np.uint16)
    expected = np.zeros((_SIZE, _SIZE))
    for i in range(len(ids)):
        for j in range(max(0, i - 4), min(len(ids), i + 5)):
            if i != j and min(ids[i], ids[j]) >= 5:
                expected[ids[i], ids[j]] += 3 / abs(i - j)
    np.testing.assert_allclose(co_occurrences({"a": ids}, {"a": 3.0}, _SIZE), expected)


def test_only_pairs_above_chance_score() -> None:
    scores = ppmi(np.array([[0.0, 4.0, 1.0], [4.0, 0.0, 1.0], [1.0, 1.0, 0.0]]))
    assert scores[0, 1] > 0
    assert scores[0, 0] == 0
    assert (ppmi(np.zeros((3, 3))) == 0).all()


def test_factors_restore_a_matrix_of_their_rank() -> None:
    vectors = np.random.default_rng(0).normal(size=(20, 3))
    vectors[4] = 0
    matrix = vectors @ vectors.T
    found = factors(matrix, 3, seed=1)
    np.testing.assert_allclose(found @ found.T, matrix, atol=1e-4)
    assert (found[4] == 0).all()


def test_embeddings_without_a_vector_stay_and_the_others_keep_their_length() -> None:
    torch.manual_seed(0)
    embedding = torch.nn.Embedding(8, 4)
    before = embedding.weight.detach().clone()
    vectors = np.random.default_rng(0).normal(size=(6, 4)) * 9
    vectors[2] = 0
    set_embeddings(embedding, vectors)
    after, known = embedding.weight.detach(), [0, 1, 3, 4, 5]
    assert torch.equal(after[[2, 6, 7]], before[[2, 6, 7]])
    torch.testing.assert_close(after[known].norm(dim=1), before[known].norm(dim=1).mean().expand(5))
    cosine = torch.nn.functional.cosine_similarity(after[:6], torch.from_numpy(vectors).float())
    torch.testing.assert_close(cosine[known], torch.ones(5))


def test_pretraining_starts_from_the_folder_it_writes(packed: Path, tmp_path: Path) -> None:
    from training.pretrain import pretrain
    from training.pretrain_config import load_config

    config = tmp_path / "tiny.toml"
    config.write_text(
        "[model]\nhidden_size = 16\nlayers = 1\nheads = 2\nintermediate_size = 32\nmax_positions = 128\n"
        "[weights]\ntiny = 1.0\n[schedule]\ntotal_steps = 2\ndecay_steps = 1\npeak_rate = 1e-9\n"
        "stages = [{until = 9, length = 16, batch = 4}]\n[run]\nthreads = 1\neval_windows = 4\n",
        encoding="utf-8",
    )
    main([str(config), "--data", str(packed), "--out", str(tmp_path / "start")])
    from training.export_base import load_masked

    start = load_masked(tmp_path / "start").get_input_embeddings().weight
    end = load_masked(pretrain(load_config(config), packed, tmp_path / "run", tmp_path / "start", lambda line: None))
    torch.testing.assert_close(end.get_input_embeddings().weight, start, atol=1e-6, rtol=0)
    lengths = start[5:20].norm(dim=1)
    torch.testing.assert_close(lengths, lengths[:1].expand(15))
