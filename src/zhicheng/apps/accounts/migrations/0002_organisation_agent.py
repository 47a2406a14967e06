import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrganisationAgent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uscc', models.CharField(help_text='以营业执照为准', max_length=18, verbose_name='统一社会信用代码')),
                ('letter', models.FileField(help_text='盖章扫描件', upload_to='letters/%Y/%m/', verbose_name='授权书')),
                ('letter_sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('requested', '待审核'), ('approved', '已批准'), ('refused', '未批准'), ('withdrawn', '单位已撤回授权'), ('left', '本人已离任')], db_index=True, default='requested', max_length=12, verbose_name='状态')),
                ('valid_until', models.DateField(blank=True, help_text='授权书写明的截止日', null=True, verbose_name='授权至')),
                ('requested_at', models.DateTimeField(auto_now_add=True, verbose_name='申请时间')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='办理时间')),
                ('reason', models.TextField(blank=True, verbose_name='说明')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='办理人')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='ledger.organisation', verbose_name='主体')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agencies', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '主体代办授权',
                'ordering': ('-requested_at',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('requested', 'approved'))), fields=('user', 'uscc'), name='one_live_agency')],
            },
        ),
    ]
