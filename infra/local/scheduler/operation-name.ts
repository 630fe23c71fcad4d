const verbs: Readonly<Record<string, string>> = { POST: 'Create', GET: 'Get', PUT: 'Update', DELETE: 'Delete' };

/** The name in AWS's API of a request to the Scheduler: `CreateSchedule`, `ListScheduleGroups`. */
export function schedulerOperation(method: string, url: string): string {
  const [, collection = '', name] = url.replace(/\?.*$/s, '').split('/');
  const thing =
    collection === 'schedule-groups' ? 'ScheduleGroup' : collection === 'schedules' ? 'Schedule' : undefined;
  const verb = verbs[method];
  if (!thing || !verb) return `${method} /${collection}`;
  return method === 'GET' && !name ? `List${thing}s` : `${verb}${thing}`;
}
