/** English: without a connection, and what keeps the screen from falling. */
export const steady = {
  'away.as_of': 'Kept on this device, as it was: {time}',
  'away.other_from': 'There is another text of yours for this ticket, from {time}:',
  'away.other_here': 'There is an older unsent text of yours on this device:',
  'away.other_show': 'Show it instead',
  'away.other_drop': 'Throw the other text away',
  'live.offline': 'No connection since {time}. What you opened can be read; changing it has to wait.',
  'live.trying': 'Connecting…',
  'live.try_now': 'Connect now',
  'live.back': 'Connected again',
  'push.title': 'Notices on this device',
  'push.text':
    'They arrive while the workspace is closed, on a phone too. What is told is chosen above, in the column “In the browser”.',
  'push.turn_on': 'Turn on here',
  'push.turn_off': 'Turn off',
  'push.devices': 'Devices that are told',
  'push.nameless': 'A browser',
  'push.this_device': 'This device, since {day}',
  'push.since': 'Since {day}',
  'push.trial': 'Send a trial',
  'push.trial_sent': 'Sent. It should appear in a few seconds, unless this window is in front.',
  'push.remove': 'Remove: {name}',
  'push.failed': 'That did not work: {reason}',
  'push.state.insecure':
    'The browser allows this on a secure address (https) only. Ask whoever runs the server.',
  'push.state.unsupported':
    'This browser cannot do it. On an iPhone or iPad add Opora to the home screen first and open it from there; private windows never can.',
  'push.state.denied':
    'The browser is told to refuse notices from this address. Allow them in the settings of this site (the sign to the left of the address), then reload the page.',
  'notices.digest_help':
    'One letter with everything that is still unread and marked “By mail”; never in quiet hours.',
  'notices.digest_at': 'At',
  'broken.conversation': 'This conversation cannot be shown',
  'broken.message': 'This message cannot be shown',
  'broken.composer': 'The composer has broken down',
  'broken.context': 'This panel has broken down',
  'broken.list': 'The list cannot be shown',
  'broken.nav': 'The menu has broken down',
  'broken.screen': 'This page has broken down',
  'broken.text':
    'The mistake is ours. What you have written is kept; the rest of the screen goes on working.',
  'broken.copy': 'Copy details',
  'broken.copied': 'Copied',
  'broken.reload': 'Reload',
  'broken.part_missing':
    'A part of the workspace did not arrive: there is no connection, or a newer version is out. What you have written is kept.',
} as const;
