/**
 * The shared controls: what every screen is made of. They know the tokens and nothing about tickets.
 */
export { default as Avatar } from './Avatar.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as Empty } from './Empty.svelte';
export { default as Icon } from './Icon.svelte';
export { default as Menu } from './Menu.svelte';
export { default as Skeleton } from './Skeleton.svelte';
export { default as UndoBar } from './UndoBar.svelte';
export type { IconName } from './icons';
export type { MenuItem } from './Menu.svelte';
