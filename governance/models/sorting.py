from django.db import models
from django.db.models.functions import Lower


def norwegian_key(field: str) -> models.GeneratedField:
    """A stored key that sorts Æ Ø Å last on every server: after «z» come «{», «|» and «}»."""
    return models.GeneratedField(
        expression=models.Func(
            Lower(field),
            models.Value("æøå"),
            models.Value("{|}"),
            function="TRANSLATE",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
