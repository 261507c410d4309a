/** How the list looks in this browser: density, previews, widths of columns. */
import type { Column } from '../api/types';

export type Density = 'roomy' | 'compact';
const keys = { density: 'opora.density', hover: 'opora.hoverPreview', widths: 'opora.columnWidths' };

const usual: Record<Column, number> = {
  number: 72,
  requester: 170,
  organization: 150,
  subject: 300,
  preview: 280,
  status: 150,
  priority: 110,
  assignee: 150,
  team: 150,
  inbox: 140,
  tags: 170,
  waiting: 96,
  sla: 120,
  updated: 96,
  created: 96,
};
export const narrowest = 56;
export const widest = 800;

function readWidths(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(keys.widths) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}

class Look {
  density = $state<Density>(localStorage.getItem(keys.density) === 'compact' ? 'compact' : 'roomy');
  hover = $state(localStorage.getItem(keys.hover) !== 'off');
  private widths = $state<Record<string, number>>(readWidths());

  setDensity(density: Density): void {
    this.density = density;
    localStorage.setItem(keys.density, density);
  }

  setHover(on: boolean): void {
    this.hover = on;
    localStorage.setItem(keys.hover, on ? 'on' : 'off');
  }

  width(place: string, column: Column): number {
    return this.widths[`${place}/${column}`] ?? usual[column];
  }

  setWidth(place: string, column: Column, width: number): void {
    this.widths[`${place}/${column}`] = Math.round(Math.min(widest, Math.max(narrowest, width)));
    localStorage.setItem(keys.widths, JSON.stringify(this.widths));
  }
}

export const look = new Look();
