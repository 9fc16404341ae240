import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('web', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=300)),
                ('name', models.CharField(max_length=60)),
                ('sealed', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='web.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'page', 'name'), name='one_draft_per_form')],
            },
        ),
    ]
