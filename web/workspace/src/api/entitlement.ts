/** The verbs around plans, agreements and who may ask. */
import { http } from './client';
import type * as T from './types';

export const plans = {
  list: () => http.get<T.Items<T.Plan>>('/plans'),
  add: (body: Partial<T.PlanForm>) => http.post<T.Plan>('/plans', body),
  change: (id: number, body: Partial<T.PlanForm> & { version: number }) =>
    http.patch<T.Plan>(`/plans/${id}`, body),
  drop: (id: number) => http.delete(`/plans/${id}`),
};

export const onboarding = {
  templates: () => http.get<T.Items<T.OnboardingTemplate>>('/onboarding-templates'),
  addTemplate: (body: Pick<T.OnboardingTemplate, 'name' | 'steps'>) =>
    http.post<T.OnboardingTemplate>('/onboarding-templates', body),
  changeTemplate: (id: number, body: Partial<T.OnboardingTemplate>) =>
    http.patch<T.OnboardingTemplate>(`/onboarding-templates/${id}`, body),
  dropTemplate: (id: number) => http.delete(`/onboarding-templates/${id}`),
  of: (organization: number) =>
    http.get<T.Items<T.OnboardingStep>>(`/organizations/${organization}/onboarding`),
  start: (organization: number, template_id: number) =>
    http.post<T.Items<T.OnboardingStep>>(`/organizations/${organization}/onboarding`, { template_id }),
  change: (
    id: number,
    body: { version?: number; done?: boolean; agent_id?: number | null; due_on?: string; title?: string },
  ) => http.patch<T.OnboardingStep>(`/onboarding-steps/${id}`, body),
  drop: (id: number) => http.delete(`/onboarding-steps/${id}`),
};

export const entitlement = {
  list: (organization: number) => http.get<T.AuthorisedList>(`/organizations/${organization}/authorised`),
  grant: (organization: number, body: T.AuthorisedForm) =>
    http.post<T.AuthorisedContact>(`/organizations/${organization}/authorised`, body),
  change: (id: number, body: T.AuthorisedForm) => http.patch<T.AuthorisedContact>(`/authorised/${id}`, body),
  revoke: (id: number) => http.delete(`/authorised/${id}`),
  places: (organization: number) => http.get<T.Items<T.Place>>(`/organizations/${organization}/locations`),
  addPlace: (organization: number, body: Partial<T.PlaceForm>) =>
    http.post<T.Place>(`/organizations/${organization}/locations`, body),
  changePlace: (id: number, body: Partial<T.PlaceForm> & { version: number }) =>
    http.patch<T.Place>(`/locations/${id}`, body),
  dropPlace: (id: number) => http.delete(`/locations/${id}`),
  training: (organization: number) => http.get<T.Training>(`/organizations/${organization}/training`),
  addTraining: (organization: number, body: { minutes: number; reason: string }) =>
    http.post<T.Training>(`/organizations/${organization}/training`, body),
  ofTicket: (id: number) => http.get<T.TicketEntitlement>(`/tickets/${id}/entitlement`),
  judge: (id: number, verdict: T.Verdict) =>
    http.post<T.TicketEntitlement>(`/tickets/${id}/entitlement`, { verdict }),
  rule: () => http.get<T.StrangerRule>('/stranger-rule'),
  putRule: (rule: T.StrangerRule) => http.put<T.StrangerRule | undefined>('/stranger-rule', rule),
};
