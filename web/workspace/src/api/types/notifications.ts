/** What concerned a person, and how they want to be told. */
export type NotificationKind =
  | 'mention'
  | 'assigned'
  | 'answer'
  | 'follow'
  | 'held'
  | 'snooze_over'
  | 'handed_over'
  | 'failed'
  | 'talk'
  | 'taken_over'
  | 'roster'
  | 'roster_asked'
  | 'roster_answered'
  | 'due_soon'
  | 'too_late';

export interface Notification {
  id: number;
  kind: NotificationKind;
  ticket_id: number | null;
  ticket_subject: string;
  /** The message it is about, when there is one. */
  message_id?: number | null;
  /** The side conversation it is about. */
  talk_id?: number | null;
  actor: { type?: string; id: number | null; name: string | null } | null;
  text: string;
  at: string;
  read: boolean;
}
export interface NotificationPage {
  items: Notification[];
  unread: number;
  next_cursor: string | null;
}

export type NotificationWay = 'app' | 'push' | 'mail';
export interface QuietHours {
  /** "20:00", in the person's time zone. */
  from: string;
  to: string;
  /** 0 is Monday; the day on which it begins. */
  days: number[];
}
export interface NotificationSettings {
  kinds: Partial<Record<NotificationKind, Partial<Record<NotificationWay, boolean>>>>;
  quiet: QuietHours | null;
  /** Absent while the server sends no mail about it. */
  digest?: 'off' | 'hourly' | 'daily';
  /** "09:00", for a digest once a day. */
  digest_at?: string;
  time_zone: string;
}

/** A browser that is told by push. */
export interface PushDevice {
  id: number;
  name: string;
  created_at: string;
}
export interface PushDevices {
  /** The server's key, in base64 as it is written in addresses. */
  public_key: string;
  subscriptions: PushDevice[];
}
