/** The first thing that runs: styles, then the app. */
import '@fontsource-variable/golos-text';
import '@opora/ui/tokens.css';
import '@opora/ui/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { keepShell } from './away/register';
import { clearDrafts } from './composer/draft';

mount(App, { target: document.getElementById('app') as HTMLElement });

if (import.meta.env.PROD) keepShell();
clearDrafts(localStorage, Date.now());
