"""Which generation of models judged what: index of judgements, the work of nights, claims that are no longer found."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0013_images'),
    ]

    operations = [
        migrations.CreateModel(
            name='NightWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('night', models.CharField(max_length=40, unique=True)),
                ('rejudged', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('waiting', models.PositiveIntegerField(default=0)),
                ('withdrawn', models.PositiveIntegerField(default=0)),
                ('restored', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='claim',
            name='found_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='lost_why',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='model',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='claim',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='claimevidence',
            name='left_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='annotationrow',
            name='model',
            field=models.CharField(db_index=True, max_length=80),
        ),
    ]
