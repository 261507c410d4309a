/** The department's people and places, loaded once and looked up by id everywhere. */
import { api } from '../api';
import type { Agent, Brand, Inbox, Role, Team } from '../api/types';
import { session } from './session.svelte';

class Directory {
  agents = $state<Agent[]>([]);
  teams = $state<Team[]>([]);
  inboxes = $state<Inbox[]>([]);
  brands = $state<Brand[]>([]);
  roles = $state<Role[]>([]);
  loaded = $state(false);
  tags = $state<{ name: string; count: number }[]>([]);

  readonly activeAgents = $derived(this.agents.filter((agent) => agent.active));
  private readonly agentsById = $derived(new Map(this.agents.map((agent) => [agent.id, agent])));
  private readonly teamsById = $derived(new Map(this.teams.map((team) => [team.id, team])));

  /** Each list on its own: a missing permission for one must not empty the others. */
  async load(): Promise<void> {
    await Promise.all([
      this.take(api.department.agents, (items) => (this.agents = items)),
      this.take(api.department.teams, (items) => (this.teams = items)),
      this.take(api.department.inboxes, (items) => (this.inboxes = items)),
      this.take(api.department.brands, (items) => (this.brands = items)),
      this.take(api.department.roles, (items) => (this.roles = items)),
      this.take(api.department.tags, (items) => (this.tags = items)),
    ]);
    this.loaded = true;
  }

  /** Who is here changes all day; the rest hardly ever. */
  async refreshAgents(): Promise<void> {
    const answer = await api.department.agents().catch(() => null);
    if (answer) this.agents = answer.items;
  }

  agent(id: number | null | undefined): Agent | undefined {
    return id == null ? undefined : this.agentsById.get(id);
  }

  agentName(id: number | null | undefined): string {
    return this.agent(id)?.name ?? (id == null ? '' : `#${id}`);
  }

  teamName(id: number | null | undefined): string {
    return id == null ? '' : (this.teamsById.get(id)?.name ?? `#${id}`);
  }

  isMe(id: number | null | undefined): boolean {
    return id != null && id === session.me?.id;
  }

  private async take<T>(fetch: () => Promise<{ items: T[] }>, keep: (items: T[]) => void): Promise<void> {
    try {
      keep((await fetch()).items);
    } catch {
      keep([]);
    }
  }
}

export const directory = new Directory();
