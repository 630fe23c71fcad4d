import { readSettingsOrExit } from './settings.ts';
import { addPolicyChecks, addStacks, newApp } from './stacks.ts';

const app = newApp();
const settings = readSettingsOrExit(app);
addStacks(app, settings);
if (!settings.oneMachine) addPolicyChecks(app);
