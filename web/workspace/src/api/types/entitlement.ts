/** What is agreed with organizations, who may ask for them, and how tickets stand. */
import type { Attachment } from './tickets';

export type Entitlement = 'authorised' | 'confirmed' | 'refused' | 'stranger' | 'held';
export type StrangerPolicy = 'nothing' | 'warn' | 'hold' | 'answer';
export interface StrangerRule {
  policy: StrangerPolicy;
  /** null is a sentence of the house. */
  template_id: number | null;
}

export interface Plan {
  id: number;
  name: string;
  /** null is any number. */
  contact_quota: number | null;
  training_minutes: number;
  discount_percent: number;
  needs_account_manager: boolean;
  team_id: number | null;
  calendar_id: number | null;
  assignee: 'none' | 'account_manager';
  customer_text: string;
  version: number;
}
export type PlanForm = Omit<Plan, 'id' | 'calendar_id' | 'version'>;

export interface OrganizationKey {
  name: string;
  value: string;
}
export interface Agreement {
  brand_id: number | null;
  plan_id: number | null;
  account_manager_id: number | null;
  vip: boolean;
  modules: string[];
  /** Absent for those who may not change contacts. */
  keys?: OrganizationKey[];
  /** Days, as 2026-01-31. */
  contract_since: string | null;
  contract_until: string | null;
  stranger_policy: StrangerPolicy | null;
}

export interface AuthorisedContact {
  id: number;
  organization_id: number;
  contact_id: number;
  name: string;
  address: string;
  may_ask: boolean;
  may_approve: boolean;
  may_see_colleagues: boolean;
  is_owner: boolean;
  since: string;
  until: string | null;
  form: Attachment | null;
  granted_by: number | null;
  version: number;
}
export interface AuthorisedList {
  items: AuthorisedContact[];
  used: number;
  quota: number | null;
}
export type AuthorisedForm = Partial<
  Pick<
    AuthorisedContact,
    'contact_id' | 'may_ask' | 'may_approve' | 'may_see_colleagues' | 'is_owner' | 'until' | 'version'
  >
> & { form_id?: number | null };

export interface Place {
  id: number;
  organization_id: number;
  name: string;
  address: string;
  note: string;
  time_zone: string;
  closed: boolean;
  version: number;
}
export type PlaceForm = Pick<Place, 'name' | 'address' | 'note' | 'time_zone' | 'closed'>;

export interface Training {
  balance: number;
  entries: {
    id: number;
    minutes: number;
    /** The plan gave them for this year; null when a person wrote the entry. */
    year: number | null;
    reason: string;
    agent_id: number | null;
    at: string;
  }[];
}

export interface OnboardingStep {
  id: number;
  organization_id: number;
  organization_name: string;
  list: string;
  title: string;
  agent_id: number | null;
  due_on: string;
  overdue: boolean;
  done_at: string | null;
  done_by: number | null;
  version: number;
}
export interface TemplateStep {
  title: string;
  responsible: 'nobody' | 'account_manager' | 'agent';
  agent_id: number | null;
  after_days: number;
}
export interface OnboardingTemplate {
  id: number;
  name: string;
  steps: TemplateStep[];
  version: number;
}

export interface TicketEntitlement {
  entitlement: Entitlement | null;
  organization: {
    id: number;
    name: string;
    vip: boolean;
    plan: {
      id: number;
      name: string;
      discount_percent: number;
      customer_text: string;
      manager_missing: boolean;
    } | null;
    account_manager_id: number | null;
    contract_until: string | null;
    contract_over: boolean;
    modules: string[];
    locations: Place[];
    training_balance: number;
    onboarding_left: number;
    onboarding_overdue: number;
  } | null;
  /** What the ticket's customer may; null when they are not on the list. */
  contact: AuthorisedContact | null;
  strangers: {
    contact_id: number;
    name: string;
    address: string;
    state: Entitlement;
    owner_name: string | null;
    asked_at: string | null;
    expires_at: string | null;
    answered_at: string | null;
    decided_by: 'owner' | 'agent' | 'time' | null;
    decided_at: string | null;
    agent_id: number | null;
  }[];
  authorised: AuthorisedContact[];
  policy: StrangerPolicy;
  can_ask_owner: boolean;
}
export type Verdict = 'known' | 'refused' | 'ask';
