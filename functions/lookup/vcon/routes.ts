import type { Route } from '../route.ts';

export const vconRoutes: readonly Route[] = [];
