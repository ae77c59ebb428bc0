"""Numbers of a run that is continued: none is lost, none is there twice."""

from hpe.runs.metrics_file import MetricsFile


def lines(folder):
    return (folder / "metrics.csv").read_text().split()


def test_rows_have_all_columns(tmp_path):
    logger = MetricsFile(str(tmp_path / "run"))
    logger.log_metrics({"loss": 0.5}, 0)
    logger.log_metrics({"mpjpe": 1 / 3}, 1)
    logger.log_metrics({"test": 2.0})
    logger.finalize("success")
    assert lines(tmp_path / "run") == ["loss,mpjpe,step,test", "0.5,,0,", ",0.3333333333333333,1,", ",,,2.0"]


def test_what_was_logged_after_the_checkpoint_is_logged_again(tmp_path):
    logger = MetricsFile(str(tmp_path))
    for step in range(4):
        logger.log_metrics({"loss": step}, step)
    logger.log_metrics({"test": 1.0})
    logger.save()
    again = MetricsFile(str(tmp_path))
    again.go_on(2)
    again.log_metrics({"loss": 5}, 2)
    again.save()
    assert lines(tmp_path) == ["loss,step,test", "0.0,0,", "1.0,1,", "5.0,2,"]


def test_a_new_run_begins_anew(tmp_path):
    for loss in (1, 2):
        logger = MetricsFile(str(tmp_path))
        logger.log_metrics({"loss": loss}, 0)
        logger.save()
    assert lines(tmp_path) == ["loss,step", "2.0,0"]
