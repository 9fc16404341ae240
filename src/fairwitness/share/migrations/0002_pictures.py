"""Pictures that left: a release of their own, beside those of reports."""


import django.db.models.deletion
import fairwitness.record.ledger.entry
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mission', '0004_search'),
        ('monitor', '0002_pictures'),
        ('share', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PictureRelease',
            fields=[
                ('id', models.UUIDField(default=fairwitness.record.ledger.entry.uuid7, editable=False, primary_key=True, serialize=False)),
                ('entry', models.UUIDField(editable=False)),
                ('sensitivity', models.PositiveSmallIntegerField(choices=[(0, 'Public'), (1, 'Mission internal'), (2, 'Restricted'), (3, 'Confidential')], default=1)),
                ('access', models.CharField(db_index=True, editable=False, max_length=24)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('audience', models.CharField(choices=[('public', 'the public'), ('partner', 'a partner')], max_length=8)),
                ('caption', models.CharField(max_length=500)),
                ('credit', models.CharField(max_length=200)),
                ('licence', models.CharField(max_length=200)),
                ('covered', models.BooleanField(default=False)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('size', models.PositiveBigIntegerField()),
                ('picture', models.CharField(max_length=64)),
                ('picture_hash', models.CharField(max_length=64)),
                ('keys', models.JSONField(default=list)),
                ('published', models.DateTimeField()),
                ('taken_down', models.DateTimeField(null=True)),
                ('taken_down_why', models.CharField(blank=True, default='', max_length=300)),
                ('tombstone', models.TextField(blank=True, default='')),
                ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='share.agreement')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='picture_releases', to='monitor.attachment')),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='mission.counterpart')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', 'public'), ('partner__isnull', True)), models.Q(('audience', 'partner'), ('partner__isnull', False)), _connector='OR'), name='share_picture_partner'), models.UniqueConstraint(condition=models.Q(('audience', 'public'), ('taken_down__isnull', True)), fields=('attachment',), name='share_picture_public_once')],
            },
        ),
    ]
