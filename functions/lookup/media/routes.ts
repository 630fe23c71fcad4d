import type { Route } from '../route.ts';

export const mediaRoutes: readonly Route[] = [];
