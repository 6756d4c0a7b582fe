/** English texts of quotas. */
export const quotaEn = {
  'quota.title': 'Storage',
  'quota.used': '{{used}} of {{limit}} used, {{left}} left',
  'quota.over': '{{used}} of {{limit}} used: nothing more is taken',
  'quota.unlimited': '{{used}} used, no limit',
  'quota.reserved': '{{bytes}} of this is reserved by plans',
  'quota.group': 'Group {{name}}',
  'quota.admin': 'Quotas',
  'quota.adminHelp':
    'A study counts with its newest version, or with its open draft where that is larger. One that is shared with a group that has a quota counts for the group. Storage that plans reserve is added.',
  'quota.everybody': 'Everybody, unless said otherwise',
  'quota.who': 'Who',
  'quota.use': 'Used',
  'quota.limit': 'Quota in GB',
  'quota.limitOf': 'Quota of {{name}} in GB',
  'quota.asEverybody': 'as everybody',
  'quota.none': 'no limit',
  'quota.ofGroup': 'group',
  'quota.help': 'A number; 0 takes nothing more; “-” is no limit; empty is as everybody.',
  'quota.save': 'Set',
  'quota.noNumber': 'Write a number of gigabytes, “-”, or nothing.',
};
