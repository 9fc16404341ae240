"""Pictures: who is on them, what each person allowed, covered copies; and the index of likenesses, outside the log.

The index is made again from the sealed facts when the store is erased.
"""

import django.db.models.deletion
import fairwitness.record.ledger.entry
from django.db import migrations, models


TABLE = (
    "CREATE TABLE monitor_likeness (thing varchar(36) PRIMARY KEY, same varchar(20) NOT NULL, q1 integer, q2 integer, q3 integer, q4 integer)",
    *(f"CREATE INDEX monitor_likeness_{name} ON monitor_likeness ({name})" for name in ("same", "q1", "q2", "q3", "q4")),
)


class Migration(migrations.Migration):

    dependencies = [
        ('mission', '0001_initial'),
        ('monitor', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='boxes',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='attachment',
            name='facts',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='attachment',
            name='height',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='preview',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='attachment',
            name='redacted_from',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redactions', to='monitor.attachment'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='whereabouts',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='attachment',
            name='width',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Depicted',
            fields=[
                ('id', models.UUIDField(default=fairwitness.record.ledger.entry.uuid7, editable=False, primary_key=True, serialize=False)),
                ('entry', models.UUIDField(editable=False)),
                ('child', models.BooleanField(default=False)),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('struck', models.BooleanField(default=False)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='depicted', to='monitor.attachment')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='monitor.source')),
            ],
        ),
        migrations.CreateModel(
            name='PictureConsent',
            fields=[
                ('id', models.UUIDField(default=fairwitness.record.ledger.entry.uuid7, editable=False, primary_key=True, serialize=False)),
                ('entry', models.UUIDField(editable=False)),
                ('guardian_as', models.CharField(blank=True, default='', max_length=80)),
                ('child_said', models.CharField(blank=True, choices=[('', ''), ('agreed', 'The child was asked and agrees'), ('too_young', 'The child is too young to be asked')], default='', max_length=10)),
                ('use', models.CharField(choices=[('internal', 'Mission internal'), ('partners', 'Partners'), ('public', 'Public report'), ('court', 'Courts')], max_length=12)),
                ('audience', models.CharField(blank=True, default='', max_length=120)),
                ('disclosure', models.CharField(choices=[('nothing', 'Not mentioned'), ('code', 'Code only'), ('role', 'Role, no name'), ('name', 'Name')], default='nothing', max_length=8)),
                ('given', models.DateField()),
                ('language', models.CharField(max_length=16)),
                ('interpreter', models.CharField(blank=True, default='', max_length=120)),
                ('expires', models.DateField(null=True)),
                ('withdrawn', models.DateTimeField(null=True)),
                ('withdrawn_why', models.CharField(blank=True, default='', max_length=300)),
                ('depicted', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='monitor.depicted')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='picture_consents', to='monitor.source')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.member')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='depicted',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1), models.Q(('source__isnull', True), ('count', 1), _connector='OR')), name='monitor_depicted_count'),
        ),
        migrations.AddConstraint(
            model_name='depicted',
            constraint=models.UniqueConstraint(condition=models.Q(('source__isnull', False), ('struck', False)), fields=('attachment', 'source'), name='monitor_depicted_once'),
        ),
        migrations.RunSQL(list(TABLE), "DROP TABLE monitor_likeness"),
    ]
