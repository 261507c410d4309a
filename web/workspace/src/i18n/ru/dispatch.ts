/** Russian: who gets a ticket and why, as it is seen in tickets and in the navigation. */
import type { dispatch as english } from '../en/dispatch';
import type { Like } from '../sentence';

/** «Из 21 коллеги, из 2 коллег»: only the first form differs. */
const ofColleagues = (before: string) => {
  const many = `${before} из {n} коллег`;
  return { one: `${before} из {n} коллеги`, few: many, many, other: many };
};

export const dispatch: Like<typeof english> = {
  'settings.routes': 'Маршруты',
  'ticket.class': 'Класс',
  'ticket.no_class': 'Без класса',
  'event.class': '{actor}: класс вопроса теперь {to}',
  'event.no_class': '{actor}: класс вопроса снят',
  'event.routed.class.only': 'Назначено: {to}. Дежурство по «{class}», больше взять некому',
  'event.routed.class.turn': ofColleagues('Назначено: {to}. Дежурство по «{class}», по очереди'),
  'event.routed.class.load': ofColleagues('Назначено: {to}. Дежурство по «{class}», меньше всех в работе'),
  'event.routed.class.last': 'Назначено: {to}. Дежурство по «{class}», прошлый вопрос этого клиента там же',
  'event.routed.duty.only': 'Назначено: {to}. Дежурство, больше взять некому',
  'event.routed.duty.turn': ofColleagues('Назначено: {to}. Дежурство, по очереди'),
  'event.routed.duty.load': ofColleagues('Назначено: {to}. Дежурство, меньше всех в работе'),
  'event.routed.duty.last': 'Назначено: {to}. Дежурство, прошлый вопрос этого клиента там же',
  'event.routed.route.only': 'Назначено: {to}. Маршрут «{name}», больше взять некому',
  'event.routed.route.turn': ofColleagues('Назначено: {to}. Маршрут «{name}», по очереди'),
  'event.routed.route.load': ofColleagues('Назначено: {to}. Маршрут «{name}», меньше всех в работе'),
  'event.routed.route.last': 'Назначено: {to}. Маршрут «{name}», прошлый вопрос этого клиента там же',
  'event.not_routed.nobody_there': 'Пока никому: никого из тех, кто может взять, нет на месте',
  'event.not_routed.no_skill': 'Пока никому: ни у кого на месте нет нужных умений',
  'event.not_routed.no_room': 'Пока никому: у всех, кто может, в работе уже сколько положено',
  'event.not_routed.passed': 'Пока никому: все, кто может, не взялись вовремя',
  'event.routed_back.not_picked_up': 'Предложено дальше: вовремя не открыто ({from})',
  'event.routed_back.gone': 'Предложено дальше: больше не на месте {from}',
  'event.routed_back.switched_off': 'Предложено дальше: больше не работает здесь {from}',
  'away.take': 'Беру обращения',
  'away.nothing': 'Не беру обращения',
  'away.help': 'Вам ничего не назначается, а то, за что вы не взялись, предлагается другим.',
};
