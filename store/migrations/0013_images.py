"""Pictures of documents: address, alternative text and difference hash."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0012_health'),
    ]

    operations = [
        migrations.AddField(
            model_name='documentrow',
            name='images',
            field=models.JSONField(default=list),
        ),
    ]
