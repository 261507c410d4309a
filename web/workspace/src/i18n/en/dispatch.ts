/** English: who gets a ticket and why, as it is seen in tickets and in the navigation. */
export const dispatch = {
  'settings.routes': 'Routes',
  'ticket.class': 'Class',
  'ticket.no_class': 'No class',
  'event.class': '{actor}: class of question is now {to}',
  'event.no_class': '{actor}: class of question removed',
  'event.routed.class.only': 'To {to}: on duty for {class}, nobody else can take it',
  'event.routed.class.turn': {
    one: 'To {to}: on duty for {class}, next in turn of {n}',
    other: 'To {to}: on duty for {class}, next in turn of {n}',
  },
  'event.routed.class.load': {
    one: 'To {to}: on duty for {class}, the least busy of {n}',
    other: 'To {to}: on duty for {class}, the least busy of {n}',
  },
  'event.routed.class.last': 'To {to}: on duty for {class}, helped this customer last',
  'event.routed.duty.only': 'To {to}: on duty, nobody else can take it',
  'event.routed.duty.turn': {
    one: 'To {to}: on duty, next in turn of {n}',
    other: 'To {to}: on duty, next in turn of {n}',
  },
  'event.routed.duty.load': {
    one: 'To {to}: on duty, the least busy of {n}',
    other: 'To {to}: on duty, the least busy of {n}',
  },
  'event.routed.duty.last': 'To {to}: on duty, helped this customer last',
  'event.routed.route.only': 'To {to} by the route “{name}”: nobody else can take it',
  'event.routed.route.turn': {
    one: 'To {to} by the route “{name}”: next in turn of {n}',
    other: 'To {to} by the route “{name}”: next in turn of {n}',
  },
  'event.routed.route.load': {
    one: 'To {to} by the route “{name}”: the least busy of {n}',
    other: 'To {to} by the route “{name}”: the least busy of {n}',
  },
  'event.routed.route.last': 'To {to} by the route “{name}”: helped this customer last',
  'event.not_routed.nobody_there': 'To nobody yet: nobody who could take it is there',
  'event.not_routed.no_skill': 'To nobody yet: nobody who is there has the skills for it',
  'event.not_routed.no_room': 'To nobody yet: everybody who can has as much as they take',
  'event.not_routed.passed': 'To nobody yet: everybody who can has let it lie',
  'event.routed_back.not_picked_up': 'Offered on: not picked up in time by {from}',
  'event.routed_back.gone': 'Offered on: no longer there is {from}',
  'event.routed_back.switched_off': 'Offered on: no longer works here: {from}',
  'away.take': 'I take tickets',
  'away.nothing': 'I take nothing now',
  'away.help': 'Nothing is given to you, and what you have not picked up is offered on.',
} as const;
